using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Common;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Options as protocol messages, and back.</summary>
internal static class Protos
{
    public static string Text(uint seq) => seq.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public static Duration? Duration(TimeSpan? span) =>
        span is { } value ? Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(value) : null;

    /// <summary>Null for an absent or zero duration: servers write 0 s for "not set".</summary>
    public static TimeSpan? Span(Duration? duration) =>
        duration is null || (duration.Seconds == 0 && duration.Nanos == 0) ? null : duration.ToTimeSpan();

    public static Header? Header(IDictionary<string, Payload>? headers)
    {
        if (headers is null || headers.Count == 0)
        {
            return null;
        }
        var header = new Header();
        header.Fields.Add(headers);
        return header;
    }

    public static Api.Common.V1.RetryPolicy? RetryPolicy(Common.RetryPolicy? policy)
    {
        if (policy is null)
        {
            return null;
        }
        var proto = new Api.Common.V1.RetryPolicy
        {
            InitialInterval = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(policy.InitialInterval),
            BackoffCoefficient = policy.BackoffCoefficient,
            MaximumInterval = Duration(policy.MaximumInterval),
            MaximumAttempts = policy.MaximumAttempts,
        };
        if (policy.NonRetryableErrorTypes is { } types)
        {
            proto.NonRetryableErrorTypes.AddRange(types);
        }
        return proto;
    }

    public static Common.RetryPolicy? RetryPolicy(Api.Common.V1.RetryPolicy? policy) =>
        policy is null
            ? null
            : new()
            {
                InitialInterval = policy.InitialInterval?.ToTimeSpan() ?? TimeSpan.FromSeconds(1),
                BackoffCoefficient = (float)policy.BackoffCoefficient,
                MaximumInterval = Span(policy.MaximumInterval),
                MaximumAttempts = policy.MaximumAttempts,
                NonRetryableErrorTypes = policy.NonRetryableErrorTypes.Count == 0 ? null : policy.NonRetryableErrorTypes,
            };

    public static Api.Common.V1.Priority? Priority(Common.Priority? priority) =>
        priority is null
            ? null
            : new()
            {
                PriorityKey = priority.PriorityKey ?? 0,
                FairnessKey = priority.FairnessKey ?? string.Empty,
                FairnessWeight = priority.FairnessWeight ?? 0,
            };

    public static Common.Priority Priority(Api.Common.V1.Priority priority) =>
        new(
            priority.PriorityKey == 0 ? null : priority.PriorityKey,
            priority.FairnessKey.Length == 0 ? null : priority.FairnessKey,
            priority.FairnessWeight == 0 ? null : priority.FairnessWeight);

    public static Api.Workflow.V1.VersioningOverride? VersioningOverride(Common.VersioningOverride? given) => given switch
    {
        Common.VersioningOverride.Pinned pinned => new()
        {
            Pinned = new()
            {
                Version = new() { DeploymentName = pinned.Version.DeploymentName, BuildId = pinned.Version.BuildId },
                Behavior = (Api.Workflow.V1.VersioningOverride.Types.PinnedOverrideBehavior)pinned.Behavior,
            },
            // For servers before the fields above.
            PinnedVersion = pinned.Version.ToCanonicalString(),
            Behavior = Api.Enums.V1.VersioningBehavior.Pinned,
        },
        Common.VersioningOverride.AutoUpgrade => new() { AutoUpgrade = true, Behavior = Api.Enums.V1.VersioningBehavior.AutoUpgrade },
        _ => null,
    };

    public static SearchAttributeCollection SearchAttributes(Api.Common.V1.SearchAttributes? attributes) =>
        attributes is null ? SearchAttributeCollection.Empty : SearchAttributeCollection.FromProto(attributes);

    public static Api.Common.V1.SearchAttributes? SearchAttributes(SearchAttributeCollection? attributes) => attributes?.ToProto();

    public static Payload SearchAttribute(SearchAttributeUpdate change) =>
        Common.Internal.SearchAttributePayloads.Write(change.UntypedKey, change.HasValue ? change.UntypedValue : null);
}
