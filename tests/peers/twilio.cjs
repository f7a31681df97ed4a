// Twilio's own library, asked line by line: a request in JSON comes in, what the library says of it goes out.
const peers = process.argv[2];
const webhooks = require(`${peers}/node_modules/twilio/lib/webhooks/webhooks`);

const asked = {
  // Whether it believes a form that we signed.
  believes: ({ token, signature, url, fields }) => webhooks.validateRequest(token, signature, url, fields),
  believesBody: ({ token, signature, url, body }) => webhooks.validateRequestWithBody(token, signature, url, body),
  // What it signs.
  sign: ({ token, url, fields }) => webhooks.getExpectedTwilioSignature(token, url, fields),
  hash: ({ body }) => webhooks.getExpectedBodyHash(body),
};

for (const line of require("node:fs").readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const request = JSON.parse(line);
  console.log(JSON.stringify(asked[request.ask](request)));
}
