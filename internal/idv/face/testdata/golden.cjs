// Prints what the original program makes of the golden pictures. See README.md.
//
//   node golden.cjs PACKAGE PICTURES > golden.json
const fs = require("fs");
const path = require("path");
const [packageDir, pictureDir] = process.argv.slice(2);

// The package's bundle takes Node for a browser without a page: it is shown no
// process, and what it would ask of a page is given to it.
const bundle = { exports: {} };
const source = fs.readFileSync(path.join(packageDir, "dist/face-api.js"), "utf8");
new Function("process", "module", source + ";module.exports = faceapi")(undefined, bundle);
const faceapi = bundle.exports;
const tf = faceapi.tf;
class None {}
tf.env().setPlatform("node", {
  fetch,
  now: () => performance.now(),
  encode: (text) => new TextEncoder().encode(text),
  decode: (bytes, encoding) => new TextDecoder(encoding).decode(bytes),
  setTimeoutCustom: setTimeout,
  isTypedArray: (a) => ArrayBuffer.isView(a) && !(a instanceof DataView),
});
const make = () => new None();
faceapi.env.setEnv({
  Canvas: None, Image: None, ImageData: None, Video: None, CanvasRenderingContext2D: None,
  createCanvasElement: make, createImageElement: make, createVideoElement: make, fetch, readFile: null,
});

function load(net, name) {
  const file = path.join(packageDir, "model", name);
  const manifest = JSON.parse(fs.readFileSync(file + "-weights_manifest.json", "utf8"));
  const bin = fs.readFileSync(file + ".bin");
  const weights = tf.io.decodeWeights(bin.buffer.slice(bin.byteOffset, bin.byteOffset + bin.length), manifest.flatMap((g) => g.weights));
  net.loadFromWeightMap(weights);
}

function picture(name) {
  const file = fs.readFileSync(path.join(pictureDir, name + ".ppm"));
  const head = /^P6 (\d+) (\d+) 255\n/.exec(file.toString("latin1"));
  const pixels = new Uint8Array(file.subarray(head[0].length));
  return tf.tensor3d(pixels, [Number(head[2]), Number(head[1]), 3], "int32");
}

async function main() {
  await tf.setBackend("cpu");
  await tf.ready();
  load(faceapi.nets.tinyFaceDetector, "tiny_face_detector_model");
  load(faceapi.nets.faceLandmark68TinyNet, "face_landmark_68_tiny_model");
  load(faceapi.nets.faceRecognitionNet, "face_recognition_model");
  const flat = (points) => points.flatMap((p) => [p.x, p.y]);

  const recogniser = Array.from(await faceapi.nets.faceRecognitionNet.computeFaceDescriptor(picture("recogniser")));
  const landmarks = flat((await faceapi.nets.faceLandmark68TinyNet.detectLandmarks(picture("landmarks"))).relativePositions);
  const options = new faceapi.TinyFaceDetectorOptions({ inputSize: 224, scoreThreshold: 0.5 });
  const whole = await faceapi.detectSingleFace(picture("whole"), options).withFaceLandmarks(true).withFaceDescriptor();
  const box = whole.detection.box;
  process.stdout.write(JSON.stringify({
    recogniser, landmarks,
    whole: {
      score: whole.detection.score, box: [box.x, box.y, box.width, box.height],
      landmarks: flat(whole.landmarks.positions), descriptor: Array.from(whole.descriptor),
    },
  }) + "\n");
}
main();
