// return.js: the page to which a bank sends people back. The server has already
// taken in what they brought; here the window that Link is in is told to look, and
// this one is closed. A lost word does no harm: Link asks by itself from time to
// time, and the page can be read.

import { RETURNED } from "../shared/protocol";

const opener = window.opener as Window | null;
opener?.postMessage(RETURNED, location.origin);
window.close();
