// Follows a job: <section data-job="address" role="status"> holds a <progress> and a [data-words].
// The address answers {done, total, words, state, next}; when the job has ended the page moves on
// to `next`, or loads again. Without this module the page offers a link to load it again.
const PAUSE = 1000;

async function follow(place) {
  const bar = place.querySelector("progress");
  const words = place.querySelector("[data-words]");
  let failures = 0;
  for (;;) {
    await new Promise((done) => setTimeout(done, PAUSE * 2 ** Math.min(failures, 4)));
    try {
      const answer = await fetch(place.dataset.job, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const job = await answer.json();
      failures = 0;
      if (job.total) {
        bar.max = job.total;
        bar.value = job.done;
      }
      if (words) words.textContent = job.words;
      if (!["waiting", "running"].includes(job.state)) {
        location.assign(job.next || location.href);
        return;
      }
    } catch {
      failures += 1;
    }
  }
}

for (const place of document.querySelectorAll("[data-job]")) follow(place);
