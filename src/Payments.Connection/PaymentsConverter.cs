using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Temporalio.Converters;

namespace Payments.Connection;

/// <summary>How arguments and results are written: JSON with camel-case names and without nulls, encrypted when keys are configured.</summary>
public static class PaymentsConverter
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly DefaultPayloadConverter Payloads = new(Json);

    /// <exception cref="InvalidOperationException">The encryption settings are incomplete or wrong.</exception>
    public static DataConverter Make(IConfiguration configuration)
    {
        var codec = EncryptionCodec.FromConfiguration(configuration);
        return codec is null
            ? DataConverter.Default with { PayloadConverter = Payloads }
            // Failure messages say what went wrong with whose payment: with a codec they are part of what it hides.
            : new DataConverter(Payloads, new DefaultFailureConverter.WithEncodedCommonAttributes(), codec);
    }
}
