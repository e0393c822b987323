// Opens the page of a screen while the network is away: the page alone, which then shows no
// content, since content is kept in the memory of the page and nowhere else.
const KEPT = "kiosk";
const PATIENCE = 8000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const part = new URL(request.url).pathname.startsWith("/assets/");
  if (request.method === "GET" && (request.mode === "navigate" || part)) {
    event.respondWith(answer(request));
  }
});

async function answer(request) {
  try {
    const found = await fetch(request.url, { signal: AbortSignal.timeout(PATIENCE) });
    if (found.status < 500) return found;
  } catch {
    // The network is away: what was kept is looked for below.
  }
  const kept = await (await caches.open(KEPT)).match(request.url);
  return kept ?? Response.error();
}
