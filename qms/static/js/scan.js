// The camera of a phone reads the QR of a sheet into the field for codes, where the browser can;
// elsewhere a picture of it is sent as soon as it is taken.

const form = document.querySelector("[data-scan]");
const picture = form?.querySelector("[data-picture]");
picture?.addEventListener("change", () => form.requestSubmit());
if (form && "BarcodeDetector" in window && navigator.mediaDevices) {
  picture.hidden = true;
  const button = form.querySelector("[data-camera]");
  const view = form.querySelector("[data-view]");
  const field = form.querySelector("input[name=code]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) {
      button.hidden = true;
      picture.hidden = false;
      field.focus();
      return;
    }
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
    const look = async () => {
      const [found] = await detector.detect(view).catch(() => []);
      if (!found) {
        requestAnimationFrame(look);
        return;
      }
      stream.getTracks().forEach((track) => track.stop());
      field.value = found.rawValue;
      form.requestSubmit();
    };
    look();
  });
}
