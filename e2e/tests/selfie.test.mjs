// Selfies before a camera. It is one of the test's own, whose picture is drawn: a face
// that goes where the pane's oval is, or does not. What comes of the film is found out by
// the server.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { CLIENT_ID, linkToken, SECRET } from "../lib/glencheck.mjs";
import { stage } from "../lib/person.mjs";

const TEMPLATE = "idvtmp_SelfieCamera1";
let house, face, person;
before(async () => {
  house = await stage();
  await call("/sandbox/identity_verification/template/set", { template_id: TEMPLATE, name: "Selfie", selfie_check: { liveness_alone: true } });
  const moves = ["middle", "middle", "middle", "middle"];
  const { files } = await call("/sandbox/identity_verification/specimen/create", { category: "selfie", moves });
  face = pictures(Buffer.from(files[0].content, "base64"));
});
after(() => house?.close());
afterEach(() => person?.close());

async function call(path, body) {
  const response = await fetch(house.glencheck.url + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "PLAID-CLIENT-ID": CLIENT_ID, "PLAID-SECRET": SECRET },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  assert.equal(response.status, 200, JSON.stringify(answer));
  return answer;
}

/** The pictures of a film (docs/identity-verification.md). */
function pictures(film) {
  const list = [];
  for (let at = 0; at < film.length; at += 8 + film.readUInt32BE(at + 4)) list.push(film.subarray(at + 8, at + 8 + film.readUInt32BE(at + 4)).toString("base64"));
  return list;
}

/**
 * The camera: in each picture of face the face is in the middle and half as wide as the
 * picture. It goes to the oval by a step for each picture that is taken of it, so that
 * how fast the machine is makes no difference.
 */
function camera({ face, follows }) {
  const at = { x: 0.5, y: 0.5, size: 0.5 };
  const { toBlob } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.toBlob = function (...args) {
    toBlob.apply(this, args);
    const oval = document.querySelector(".oval");
    for (const name of follows ? ["x", "y", "size"] : []) {
      const value = Number(oval.style.getPropertyValue(`--${name}`));
      const way = (name === "x" ? 1 - value : value) - at[name]; // the oval is in a mirror
      at[name] += Math.sign(way) * Math.min(0.1, Math.abs(way));
    }
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const images = await Promise.all(face.map((data) => Object.assign(new Image(), { src: `data:image/jpeg;base64,${data}` })).map((i) => i.decode().then(() => i)));
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    let n = 0;
    const timer = setInterval(() => {
      const video = document.querySelector("video");
      if (!video) return clearInterval(timer);
      const image = images[n++ % images.length];
      // What is seen of the picture where it covers the video.
      const scale = Math.max(video.clientWidth / 640, video.clientHeight / 480);
      const [w, h] = [Math.min(640, video.clientWidth / scale), Math.min(480, video.clientHeight / scale)];
      const size = (at.size * Math.min(w, h)) / (0.5 * image.width);
      context.fillStyle = "#6e6e6e";
      context.fillRect(0, 0, 640, 480);
      context.drawImage(image, (640 - w) / 2 + at.x * w - (size * image.width) / 2, (480 - h) / 2 + at.y * h - (size * image.height) / 2, size * image.width, size * image.height);
    }, 30);
    return canvas.captureStream(30);
  };
}

/** A person before the camera, whom the oval does not keep waiting. */
async function beforeTheCamera(id, follows) {
  const token = await linkToken(house.glencheck.plaid, {
    products: ["identity_verification"], user: { client_user_id: id }, identity_verification: { template_id: TEMPLATE, gave_consent: true },
  });
  const newContext = async (options) => {
    const context = await house.browser.newContext(options);
    await context.addInitScript(camera, { face, follows });
    await context.route("**/link/session/step", async (route) => {
      const response = await route.fetch();
      const quick = { every: 60, pictures: follows ? 6 : 2 };
      const body = (await response.text()).replace(/data-(every|pictures)=\\"\d+/g, (_, name) => `data-${name}=\\"${quick[name]}`);
      await route.fulfill({ response, body });
    });
    return context;
  };
  const p = await house.open(token, { in: { newContext } });
  await p.view("SELFIE_CHECK");
  await p.submit();
  await p.link.getByRole("heading", { name: "Follow the oval" }).waitFor();
  return p;
}

test("a face that follows the oval is that of somebody who is there", async () => {
  person = await beforeTheCamera("selfie-1", true);
  assert.deepEqual(await person.look("selfie-camera"), []);
  await person.submit();
  await person.view("CONNECTED");
  assert.equal(await person.frame.evaluate(() => document.querySelectorAll("video").length), 0);
  await person.submit();
  const [, { link_session_id }] = await person.told("success");
  const answer = await call("/identity_verification/get", { identity_verification_id: link_session_id });
  assert.equal(answer.selfie_check.selfies.length, 1);
  const [{ status, attempt, analysis, capture }] = answer.selfie_check.selfies;
  assert.deepEqual({ status, attempt, analysis }, { status: "success", attempt: 1, analysis: { document_comparison: "no_input", liveness_check: "success" } });
  const picture = await fetch(capture.image_url);
  assert.deepEqual([picture.status, picture.headers.get("content-type")], [200, "image/jpeg"]);
  assert.deepEqual((await person.events()).slice(-4), [
    "IDENTITY_VERIFICATION_START_STEP SELFIE_CHECK", "IDENTITY_VERIFICATION_PASS_STEP SELFIE_CHECK", "IDENTITY_VERIFICATION_PASS_SESSION", "IDENTITY_VERIFICATION_CLOSE_UI",
  ]);
  assert.deepEqual(person.seen.errors, []);
});

test("a face that stays where it is shows nobody alive, and may try again", async () => {
  person = await beforeTheCamera("selfie-2", false);
  await person.submit();
  await person.link.getByText("Your face didn’t follow the oval").waitFor();
  await person.link.getByText("You have 2 tries left").waitFor();
  assert.deepEqual(await person.look("selfie-again"), []);
  assert.deepEqual(person.seen.errors, []);
});
