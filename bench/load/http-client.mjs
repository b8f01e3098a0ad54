// Requests to GraphQL over a kept connection; as little as possible between the clock and the socket, which is the
// server's machine too: HTTP/1.1 by hand rather than node:http.
import { connect } from 'node:net';

/** One connection's worth of a client: requests go one after the other. */
export class HttpClient {
  #url;
  #head;
  #socket = null;
  #received = [];
  #waiting = null;

  constructor(url, accessToken) {
    this.#url = new URL(url);
    this.#head = `POST ${this.#url.pathname} HTTP/1.1\r\nhost: ${this.#url.host}\r\ncontent-type: application/json\r\n${accessToken ? `authorization: Bearer ${accessToken}\r\n` : ''}content-length: `;
  }

  /** Resolves to the answer's `data`. `body` is the request as text. @throws Error for an answer with errors */
  async ask(body) {
    return dataOf(await this.answer(body));
  }

  /** Resolves to the answer's bytes, unread. */
  answer(body) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(`${this.#head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    const fail = (error) => {
      this.#socket = null;
      this.#waiting?.reject(error);
    };
    socket.on('data', (chunk) => { this.#take(chunk); });
    socket.on('error', fail);
    socket.on('close', () => { fail(new Error('the connection was closed')); });
    return socket;
  }

  /** GraphQL's answers say how long they are. */
  #take(chunk) {
    this.#received.push(chunk);
    const received = this.#received.length === 1 ? chunk : Buffer.concat(this.#received);
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) return;
    const length = /\r\ncontent-length: *(\d+)/i.exec(received.toString('latin1', 0, end))?.[1];
    if (length === undefined) return void this.#waiting?.reject(new Error(`an answer without a length: ${received.toString('latin1', 0, end)}`));
    this.#received = [received];
    if (received.length < end + 4 + Number(length)) return;
    this.#received = [];
    this.#waiting?.resolve(received.subarray(end + 4));
  }
}

/** @throws Error for an answer with errors */
export function dataOf(answer) {
  const { data, errors } = JSON.parse(answer.toString('utf8'));
  if (errors) throw new Error(`GraphQL: ${JSON.stringify(errors)}`);
  return data;
}

export const requestBody = (query, variables) => JSON.stringify({ query, variables });
