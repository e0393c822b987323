// Where one signs in: what the pages of whoever was here kept, to be opened without network, goes.
// Answers that were not sent yet stay; they wait for the same person.
if ("caches" in window) await caches.delete("audits");
