// Opens the checklist of an audit while the network is away: the page as it was last, with what
// its script keeps on the tablet. Nothing else of the site is answered from here.
const KEPT = "audits";
const PATIENCE = 8000;
const PAGE = /^\/audits\/\d+\/checklist$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  const page = request.mode === "navigate" && PAGE.test(pathname);
  if (request.method === "GET" && (page || pathname.startsWith("/assets/"))) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  try {
    const found = await fetch(request.url, { signal: AbortSignal.timeout(PATIENCE) });
    // A page may not be opened by an answer that came from elsewhere, such as the sign-in.
    if (found.redirected) return Response.redirect(found.url, 303);
    if (found.status < 500) return found;
  } catch {
    // The network is away: what was kept is looked for below.
  }
  const kept = await (await caches.open(KEPT)).match(request.url, { ignoreSearch: true });
  return kept ?? Response.error();
}
