// Draws and reads QR codes, bundled at set-up (see package.json).

export { default as encodeQR } from "qr";
export { default as decodeQR } from "qr/decode.js";
