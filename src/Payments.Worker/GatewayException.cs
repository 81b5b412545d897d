using Payments.Workflows;

namespace Payments.Worker;

/// <summary>The gateway gave no outcome. <see cref="ErrorType"/> says whether it did nothing, or whether nobody knows.</summary>
public sealed class GatewayException : Exception
{
    private GatewayException(string errorType, string message)
        : base(message) => ErrorType = errorType;

    /// <summary>One of <see cref="GatewayFailures"/>.</summary>
    public string ErrorType { get; }

    public static GatewayException Unavailable(string message) => new(GatewayFailures.GatewayUnavailable, "The gateway did nothing: " + message);

    public static GatewayException Unknown(string message) => new(GatewayFailures.OutcomeUnknown, "The outcome is unknown: " + message);
}
