// New payments and repetitions against the ingress; at the end the ledger is counted.
//   docker compose --profile load run --rm k6
import http from 'k6/http';
import { check } from 'k6';

const target = __ENV.TARGET || 'http://localhost:8080';
const ledger = __ENV.LEDGER || 'http://localhost:8090';
const run = Date.now();

export const options = { vus: 64, duration: '30s', thresholds: { checks: ['rate==1.0'] } };

function pay(id) {
  return http.post(`${target}/PaymentService/${id}/Create`, JSON.stringify({ amount: 10000, currency: 'USD' }), {
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
  });
}

export default function () {
  const id = `k6-${run}-${__VU}-${__ITER}`;
  const first = pay(id);
  const again = pay(id);
  check(first, { 'first is 201': (r) => r.status === 201 });
  check(again, {
    'repetition is 200': (r) => r.status === 200,
    'repetition says so': (r) => r.headers['Idempotent-Replayed'] === 'true',
    'same transaction': (r) => r.json('transactionId') === first.json('transactionId'),
  });
}

export function teardown() {
  const perPayment = {};
  for (const charge of http.get(`${ledger}/charges`).json()) {
    perPayment[charge.paymentId] = (perPayment[charge.paymentId] || 0) + 1;
  }
  const twice = Object.entries(perPayment).filter(([id, n]) => id.startsWith(`k6-${run}-`) && n !== 1);
  check(twice, { 'no payment charged twice': (list) => list.length === 0 });
}
