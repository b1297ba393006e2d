/** The address that a program started by the tests says it listens on, and all that it has said. */
export async function addressOf(child, name) {
  let said = "";
  const url = await new Promise((ok, fail) => {
    const hear = (data) => {
      said += data;
      const at = /http:\/\/[\w.]+:\d+/.exec(said);
      if (at) ok(at[0]);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => fail(new Error(`${name} ended with ${code}:\n${said}`)));
  });
  return { url, said: () => said };
}
