// A certified OpenID Connect provider (oidc-provider) for the tests, with a page of its own to sign in at: a name, and no password.
// usage: node provider.mjs '{"port": 0, "host": "localhost", "redirect": "https://...", "ended": "https://...", "people": {"sam": {...claims}}}'
// A person's claims may name `amr` and `acr`, and whatever roles they have where a provider has them.

import { createServer } from "node:http";
import { createHash } from "node:crypto";
import Provider from "oidc-provider";

const { port, host, client, secret, redirect, ended, people } = JSON.parse(process.argv[2]);
const page = (body) => `<!doctype html><html lang="en"><title>Work accounts</title><main><h1>Work accounts</h1>${body}</main></html>`;

const server = createServer();
server.listen(port, host, () => {
  const issuer = `http://${host}:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [redirect],
        response_types: ["code"],
        grant_types: ["authorization_code"],
        ...(ended ? { backchannel_logout_uri: ended } : {}),
      },
    ],
    claims: {
      openid: ["sub", "acr", "amr"],
      profile: ["name", "preferred_username", "roles", "groups", "realm_access"],
      email: ["email", "email_verified"],
    },
    conformIdTokenClaims: false,
    // As every provider must be asked: with PKCE, or not at all.
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: Boolean(ended) } },
    cookies: { keys: [createHash("sha256").update(secret).digest("hex")] },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    // It keeps itself from asking machines of its own network, which is where the service is.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    // Staff agreed to it when they were given the account.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    interactions: { url: (_, { uid }) => `/who/${uid}` },
  });
  provider.use(async (context, next) => {
    if (!context.path.startsWith("/who/")) return next();
    const { request, response } = context;
    const { prompt } = await provider.interactionDetails(context.req, context.res);
    if (request.method !== "POST") {
      response.type = "html";
      response.body = page(
        `<p>${prompt.name}</p><form method="post"><label>Name <input name="login" autocomplete="off"></label><button name="go" value="in">Go on</button>` +
          `<button name="go" value="no">Not now</button></form>`,
      );
      return;
    }
    const parts = [];
    for await (const part of context.req) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const { acr, amr } = people[form.get("login")] ?? {};
    const result =
      form.get("go") === "no" || !people[form.get("login")]
        ? { error: "access_denied", error_description: "They said no" }
        : { login: { accountId: form.get("login"), acr, amr } };
    await provider.interactionFinished(context.req, context.res, result);
  });
  provider.on("backchannel.error", (_, error) => console.error(`told in vain: ${error.message}`));
  server.on("request", provider.callback());
  console.log(`The provider is ready at ${issuer}`);
});
