using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Internal.Core;

/// <summary>Reads and writes the markers of patches and local activities. Their own data never passes the user's converter or codec.</summary>
internal static class Markers
{
    private const string PatchName = "core_patch";
    private const string PatchData = "patch-data";
    private const string LocalActivityName = "core_local_activity";
    private const string LocalActivityData = "data";
    private const string LocalActivityResult = "result";
    private static readonly ByteString JsonPlain = ByteString.CopyFromUtf8("json/plain");

    public static bool IsPatch(HistoryEvent historyEvent) =>
        historyEvent is { EventType: EventType.MarkerRecorded, MarkerRecordedEventAttributes.MarkerName: PatchName };

    public static bool IsLocalActivity(HistoryEvent historyEvent) =>
        historyEvent is { EventType: EventType.MarkerRecorded, MarkerRecordedEventAttributes.MarkerName: LocalActivityName };

    public static RecordMarkerCommandAttributes Patch(string patchId, bool deprecated) => new()
    {
        MarkerName = PatchName,
        Details =
        {
            [PatchData] = Json(writer =>
            {
                writer.WriteString("id", patchId);
                writer.WriteBoolean("deprecated", deprecated);
            }),
        },
    };

    /// <exception cref="BadHistoryException">The marker has no patch in it.</exception>
    public static (string PatchId, bool Deprecated) ReadPatch(HistoryEvent historyEvent)
    {
        var details = historyEvent.MarkerRecordedEventAttributes.Details;
        if (details.TryGetValue(PatchData, out var data) && data.Payloads_.Count == 1)
        {
            using var json = JsonDocument.Parse(data.Payloads_[0].Data.Memory);
            return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("deprecated").GetBoolean());
        }
        // The shape of SDKs before the JSON one.
        if (details.TryGetValue("patch_id", out var id) && details.TryGetValue("deprecated", out var deprecated) &&
            id.Payloads_.Count == 1 && deprecated.Payloads_.Count == 1)
        {
            return (id.Payloads_[0].Data.ToStringUtf8(), deprecated.Payloads_[0].Data is [not 0, ..]);
        }
        throw new BadHistoryException($"Patch marker was unparsable: {Machine.Describe(historyEvent)}");
    }

    public static RecordMarkerCommandAttributes LocalActivity(LocalActivityRequest request, LocalActivityOutcome outcome, int activation)
    {
        var attributes = new RecordMarkerCommandAttributes
        {
            MarkerName = LocalActivityName,
            Details =
            {
                [LocalActivityData] = Json(writer =>
                {
                    writer.WriteNumber("seq", request.Seq);
                    writer.WriteNumber("attempt", outcome.Attempt);
                    writer.WriteString("activity_id", request.ActivityId);
                    writer.WriteString("activity_type", request.ActivityType);
                    WriteTime(writer, "complete_time", outcome.CompleteTime - DateTime.UnixEpoch);
                    WriteTime(writer, "backoff", outcome.Backoff);
                    WriteTime(writer, "original_schedule_time", outcome.OriginalScheduleTime - DateTime.UnixEpoch);
                    writer.WriteNumber("activation_index", activation);
                }),
            },
            Failure = outcome.Failure?.Clone(),
        };
        if (outcome.Result is { } result)
        {
            attributes.Details[LocalActivityResult] = new Payloads { Payloads_ = { result.Clone() } };
        }
        return attributes;
    }

    /// <summary>The local activity that a marker to be recorded is of; null: of none.</summary>
    public static (string ActivityId, string ActivityType)? LocalActivityOf(RecordMarkerCommandAttributes attributes)
    {
        if (attributes.MarkerName != LocalActivityName)
        {
            return null;
        }
        using var json = JsonDocument.Parse(attributes.Details[LocalActivityData].Payloads_[0].Data.Memory);
        return (json.RootElement.GetProperty("activity_id").GetString()!, json.RootElement.GetProperty("activity_type").GetString()!);
    }

    /// <exception cref="BadHistoryException">The marker has no local activity in it.</exception>
    public static LocalActivityMarker ReadLocalActivity(HistoryEvent historyEvent)
    {
        var attributes = historyEvent.MarkerRecordedEventAttributes;
        if (!attributes.Details.TryGetValue(LocalActivityData, out var data) || data.Payloads_.Count != 1)
        {
            throw new BadHistoryException($"Local activity marker was unparsable: {Machine.Describe(historyEvent)}");
        }
        using var json = JsonDocument.Parse(data.Payloads_[0].Data.Memory);
        var root = json.RootElement;
        var failure = attributes.Failure;
        var outcome = new LocalActivityOutcome
        {
            Kind =
                failure is null ? LocalActivityOutcomeKind.Completed
                : failure.CanceledFailureInfo is not null || failure.Cause?.CanceledFailureInfo is not null ? LocalActivityOutcomeKind.Cancelled
                : LocalActivityOutcomeKind.Failed,
            Result = attributes.Details.TryGetValue(LocalActivityResult, out var result) && result.Payloads_.Count > 0 ? result.Payloads_[0] : null,
            Failure = failure,
            Attempt = root.GetProperty("attempt").GetInt32(),
            Backoff = ReadTime(root, "backoff"),
            OriginalScheduleTime = DateTime.UnixEpoch + ReadTime(root, "original_schedule_time"),
            CompleteTime = DateTime.UnixEpoch + ReadTime(root, "complete_time"),
        };
        return new(
            root.GetProperty("seq").GetUInt32(),
            root.GetProperty("activity_id").GetString()!,
            root.GetProperty("activity_type").GetString()!,
            outcome,
            root.TryGetProperty("activation_index", out var activation) && activation.ValueKind == JsonValueKind.Number ? activation.GetInt32() : null);
    }

    private static Payloads Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return new Payloads
        {
            Payloads_ = { new Payload { Data = ByteString.CopyFrom(buffer.WrittenSpan), Metadata = { ["encoding"] = JsonPlain } } },
        };
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, TimeSpan? time)
    {
        if (time is not { } value)
        {
            writer.WriteNull(name);
            return;
        }
        var seconds = Math.DivRem(value.Ticks, TimeSpan.TicksPerSecond, out var rest);
        writer.WriteStartObject(name);
        writer.WriteNumber("seconds", seconds);
        writer.WriteNumber("nanos", rest * TimeSpan.NanosecondsPerTick);
        writer.WriteEndObject();
    }

    private static TimeSpan? ReadTime(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object
            ? new TimeSpan((value.GetProperty("seconds").GetInt64() * TimeSpan.TicksPerSecond) + (value.GetProperty("nanos").GetInt64() / TimeSpan.NanosecondsPerTick))
            : null;
}
