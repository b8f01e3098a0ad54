// A storefront's socket: one graphql-transport-ws connection that watches orders until they rest.
import { WebSocket } from 'ws';

const WATCH = 'subscription ($id: ID!, $after: Int) { orderStatusChanged(orderId: $id, afterVersion: $after) { version status } }';

export class OrderWatch {
  #socket;
  #watched = new Map();
  #next = 0;

  static async open(url, accessToken) {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const acknowledged = new Promise((resolve, reject) => {
      socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { Authorization: `Bearer ${accessToken}` } })));
      socket.once('message', resolve);
      socket.once('error', reject);
    });
    await acknowledged;
    return new OrderWatch(socket);
  }

  constructor(socket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#receive(JSON.parse(String(text))));
    socket.on('close', () => this.#failAll(new Error('the socket was closed')));
  }

  /** Resolves to the last status once the subscription has ended; `onStatus` hears each as it comes. */
  untilRest(orderId, onStatus = () => undefined) {
    return new Promise((resolve, reject) => this.#subscribe(orderId, 0, { onStatus, resolve, reject, last: undefined }));
  }

  /** Watches from the present status on; rejects when it is refused or broken off, resolves when it ends. */
  follow(orderId, onStatus) {
    return new Promise((resolve, reject) => this.#subscribe(orderId, undefined, { onStatus, resolve, reject, last: undefined }));
  }

  close() {
    this.#watched.clear();
    this.#socket.close();
  }

  #subscribe(orderId, after, watched) {
    const id = String((this.#next += 1));
    this.#watched.set(id, watched);
    this.#socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: WATCH, variables: { id: orderId, after } } }));
  }

  #receive({ id, type, payload }) {
    if (type === 'ping') this.#socket.send('{"type":"pong"}');
    const watched = this.#watched.get(id);
    if (!watched) return;
    if (type === 'next') {
      if (payload.errors) watched.reject(new Error(JSON.stringify(payload.errors)));
      watched.last = payload.data?.orderStatusChanged.status;
      watched.onStatus(watched.last);
    } else if (type === 'complete' || type === 'error') {
      this.#watched.delete(id);
      if (type === 'error') watched.reject(new Error(JSON.stringify(payload)));
      else watched.resolve(watched.last);
    }
  }

  #failAll(error) {
    for (const watched of this.#watched.values()) watched.reject(error);
    this.#watched.clear();
  }
}
