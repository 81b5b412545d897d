using System.Diagnostics.Metrics;
using Payments.Gateway.Mock.Ledger;
using Payments.Telemetry;

namespace Payments.Gateway.Mock;

/// <summary>The gateway's own counts, from its side of the wire; <c>gateway_requests_total</c> is the worker's view.</summary>
internal static class GatewayMeters
{
    private static readonly Counter<long> Decisions =
        PaymentMeters.Counter("mock_gateway_decisions_total", "Decisions about charges and refunds, by operation, outcome and whether the request was a repetition.");

    public static void Count(string operation, Decision decision) => Decisions.Add(
        1, PaymentMeters.Operation(operation), PaymentMeters.Outcome(decision.Outcome), new("repetition", decision.Repetition ? "true" : "false"));
}
