using System.Text.Json;

namespace Payments.Ingress;

/// <summary>A refused request. Nothing in it depends on the call, so a stored problem replays byte for byte.</summary>
public sealed record Problem(ProblemType Type, string Detail)
{
    public int? StatusOverride { get; init; }

    public string? InvocationId { get; init; }

    public string? CurrentStatus { get; init; }

    public string? ExpectedFingerprint { get; init; }

    public string? ActualFingerprint { get; init; }

    /// <summary>Who refused, where it is not who usually does.</summary>
    public string? SourceOverride { get; init; }

    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public int Status => StatusOverride ?? Type.Status;

    public string Source => SourceOverride ?? Type.Source;

    public static Problem Field(string field, string message) =>
        new(ProblemType.ValidationFailed, $"{field}: {message}") { Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] } };

    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("type", "/problems/" + Type.Name);
        json.WriteString("title", Type.Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        json.WriteString("code", Type.Code);
        json.WriteString("source", Source);
        json.WriteBoolean("retryable", Type.Retryable);
        json.WriteBoolean("sameKey", Type.SameKey);
        Optional(json, "invocationId", InvocationId);
        Optional(json, "currentStatus", CurrentStatus);
        Optional(json, "expectedFingerprint", ExpectedFingerprint);
        Optional(json, "actualFingerprint", ActualFingerprint);
        if (Errors is { Count: > 0 })
        {
            json.WriteStartObject("errors");
            foreach (var (field, messages) in Errors)
            {
                json.WriteStartArray(field);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
