using System.Diagnostics;
using OpenTelemetry;
using Temporalio.Activities;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Extensions.OpenTelemetry;

public partial class TracingInterceptor
{
    private sealed class ActivityInbound(TracingInterceptor root, ActivityInboundInterceptor next) : ActivityInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
        {
            var previous = Baggage.Current;
            ActivityContext parent = default;
            if (root.HeadersToContext(input.Headers) is { } context)
            {
                Baggage.Current = context.Baggage;
                parent = context.ActivityContext;
            }
            try
            {
                // The type it was asked for: the definition of a dynamic activity has no name.
                using var activity = ActivitiesSource.StartActivity(
                    $"RunActivity:{ActivityExecutionContext.Current.Info.ActivityType}", ActivityKind.Server, parent, root.CreateInActivityTags());
                try
                {
                    return await Next.ExecuteActivityAsync(input).ConfigureAwait(false);
                }
                catch (Exception e)
                {
                    Record(activity, e);
                    throw;
                }
            }
            finally
            {
                Baggage.Current = previous;
            }
        }
    }
}
