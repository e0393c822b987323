// The camera of a phone reads the QR of a sheet into the field for codes, where the browser can.

const form = document.querySelector("[data-scan]");
if (form && "BarcodeDetector" in window && navigator.mediaDevices) {
  const button = form.querySelector("[data-camera]");
  const view = form.querySelector("[data-view]");
  const field = form.querySelector("input[name=code]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
    if (!stream) {
      button.hidden = true;
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
