using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>How an attempt ended: a result, or a failure, which is a cancellation if the activity took one.</summary>
internal sealed record LocalActivityAttemptResult(Payload? Result, Failure? Failure);
