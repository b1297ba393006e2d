// An application with the institution search in its page, at the size that its
// address names.

const query = new URLSearchParams(location.search);
const [width, height] = query.get("size").split("x");
const sheet = new CSSStyleSheet();
sheet.replaceSync(`body { margin: 8px; background: Canvas; color-scheme: light dark } #box { width: ${width}px; height: ${height}px; max-width: 100% }`);
document.adoptedStyleSheets.push(sheet);
window.heard = [];
const say = (what) => (...args) => window.heard.push({ what, args });
window.Plaid.createEmbedded({ token: query.get("token"), onSuccess: say("success"), onExit: say("exit"), onEvent: say("event"), onLoad: say("load") }, document.getElementById("box"));
