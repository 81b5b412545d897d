using System.Text.Json;
using System.Text.Json.Serialization;
using Payments.Gateway.Mock.Faults;

namespace Payments.Gateway.Mock.Http;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Answer))]
[JsonSerializable(typeof(Attempt[]))]
[JsonSerializable(typeof(ChargeBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(FaultPlan))]
[JsonSerializable(typeof(GateState))]
[JsonSerializable(typeof(LedgerStats))]
[JsonSerializable(typeof(Movement[]))]
[JsonSerializable(typeof(PaymentMovements))]
[JsonSerializable(typeof(RefundBody))]
internal sealed partial class GatewayJson : JsonSerializerContext;
