namespace Payments.Gateway.Mock.Faults;

/// <param name="Waiting">Requests at the gate now.</param>
/// <param name="Arrived">Requests that ever came to it.</param>
public sealed record GateState(string Gate, int Waiting, int Arrived, bool Released);
