using Temporalio.Worker.Internal.Core;
using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Runs;

/// <summary>One attempt of a local activity. Arguments and results are plain: the codec is not between.</summary>
internal sealed record LocalActivityAttempt(LocalActivityRequest Request, WorkflowInfo Workflow, int Attempt, DateTime ScheduledTime, DateTime StartedTime);
