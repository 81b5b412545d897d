namespace Payments.Gateway.Mock;

/// <summary>How the answer to a charge that was made gets lost.</summary>
public enum LostAnswer
{
    None,

    /// <summary>No answer, and the connection stays.</summary>
    Hang,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>The connection is cut.</summary>
    Drop,
}
