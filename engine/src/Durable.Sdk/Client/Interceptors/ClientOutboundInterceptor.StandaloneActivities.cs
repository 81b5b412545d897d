namespace Temporalio.Client.Interceptors;

public abstract partial class ClientOutboundInterceptor
{
    public virtual Task<ActivityHandle<TResult>> StartActivityAsync<TResult>(StartActivityInput input) => Next.StartActivityAsync<TResult>(input);

    public virtual Task<ActivityExecutionDescription> DescribeActivityAsync(DescribeActivityInput input) => Next.DescribeActivityAsync(input);

    public virtual Task CancelActivityAsync(CancelActivityInput input) => Next.CancelActivityAsync(input);

    public virtual Task TerminateActivityAsync(TerminateActivityInput input) => Next.TerminateActivityAsync(input);

    public virtual IAsyncEnumerable<ActivityExecution> ListActivitiesAsync(ListActivitiesInput input) => Next.ListActivitiesAsync(input);

    public virtual Task<ActivityListPage> ListActivitiesPaginatedAsync(ListActivitiesPaginatedInput input) => Next.ListActivitiesPaginatedAsync(input);

    public virtual Task<ActivityExecutionCount> CountActivitiesAsync(CountActivitiesInput input) => Next.CountActivitiesAsync(input);
}
