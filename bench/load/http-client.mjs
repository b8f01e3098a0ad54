// Requests to GraphQL over kept connections; as little as possible between the clock and the socket.
import http from 'node:http';

/** One connection's worth of a client: requests go one after the other. */
export class HttpClient {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #url;
  #headers;

  constructor(url, accessToken) {
    this.#url = new URL(url);
    this.#headers = { 'content-type': 'application/json', ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}) };
  }

  /** Resolves to the answer's `data`. `body` is the request as text. @throws Error for an answer with errors */
  async ask(body) {
    const { data, errors } = JSON.parse(await this.#post(body));
    if (errors) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
    return data;
  }

  close() {
    this.#agent.destroy();
  }

  #post(body) {
    return new Promise((resolve, reject) => {
      const headers = { ...this.#headers, 'content-length': Buffer.byteLength(body) };
      const request = http.request(this.#url, { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

export const requestBody = (query, variables) => JSON.stringify({ query, variables });
