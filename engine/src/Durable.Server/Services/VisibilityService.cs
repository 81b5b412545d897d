using System.Text.Json;
using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Filter.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>List, scan and count.</summary>
internal sealed class VisibilityService(ServiceContext context)
{
    private const int MaximumPage = 1000;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.ListWorkflowExecutions, async (request, _) =>
        {
            var (rows, token) = await ListAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken).ConfigureAwait(false);
            return new ListWorkflowExecutionsResponse { Executions = { rows }, NextPageToken = token };
        });
        context.Map(router, WorkflowServiceMethods.ScanWorkflowExecutions, async (request, _) =>
        {
            var (rows, token) = await ListAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken).ConfigureAwait(false);
            return new ScanWorkflowExecutionsResponse { Executions = { rows }, NextPageToken = token };
        });
        context.Map(router, WorkflowServiceMethods.ListOpenWorkflowExecutions, async (request, _) =>
        {
            var filter = new AndExpression(
                new ComparisonExpression("ExecutionStatus", "=", [nameof(WorkflowExecutionStatus.Running)]),
                Filter(request.StartTimeFilter, request.ExecutionFilter, request.TypeFilter));
            var (rows, token) = await ListAsync(request.Namespace, filter, request.MaximumPageSize, request.NextPageToken).ConfigureAwait(false);
            return new ListOpenWorkflowExecutionsResponse { Executions = { rows }, NextPageToken = token };
        });
        context.Map(router, WorkflowServiceMethods.ListClosedWorkflowExecutions, async (request, _) =>
        {
            if (request.StatusFilter is { Status: WorkflowExecutionStatus.Unspecified or WorkflowExecutionStatus.Running })
            {
                throw Faults.InvalidArgument("StatusFilter must be specified and must be not Running.");
            }
            var status = request.StatusFilter is { } wanted
                ? new ComparisonExpression("ExecutionStatus", "=", [wanted.Status.ToString()])
                : new ComparisonExpression("ExecutionStatus", "!=", [nameof(WorkflowExecutionStatus.Running)]);
            var filter = new AndExpression(status, Filter(request.StartTimeFilter, request.ExecutionFilter, request.TypeFilter));
            var (rows, token) = await ListAsync(request.Namespace, filter, request.MaximumPageSize, request.NextPageToken).ConfigureAwait(false);
            return new ListClosedWorkflowExecutionsResponse { Executions = { rows }, NextPageToken = token };
        });
        context.Map(router, WorkflowServiceMethods.CountWorkflowExecutions, CountAsync);
    }

    /// <summary>The filters of the two older lists as a query.</summary>
    private static VisibilityExpression Filter(StartTimeFilter? start, WorkflowExecutionFilter? execution, WorkflowTypeFilter? type)
    {
        var earliest = start?.EarliestTime?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch;
        var latest = start?.LatestTime?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue;
        if (earliest > latest)
        {
            throw Faults.InvalidArgument("EarliestTime in StartTimeFilter should not be larger than LatestTime.");
        }
        VisibilityExpression filter = new ComparisonExpression("StartTime", "BETWEEN", [earliest, latest]);
        foreach (var (name, value) in new[] { ("WorkflowId", execution?.WorkflowId), ("RunId", execution?.RunId), ("WorkflowType", type?.Name) })
        {
            if (value is { Length: > 0 })
            {
                filter = new AndExpression(filter, new ComparisonExpression(name, "=", [value]));
            }
        }
        return filter;
    }

    private Task<(IEnumerable<WorkflowExecutionInfo> Rows, ByteString Token)> ListAsync(string namespaceName, string query, int pageSize, ByteString token)
    {
        context.Namespaces.Require(namespaceName);
        var (filter, _) = VisibilityParser.Parse(query, name => context.Namespaces.TypeOf(namespaceName, name), count: false);
        return ListAsync(namespaceName, filter, pageSize, token);
    }

    private async Task<(IEnumerable<WorkflowExecutionInfo> Rows, ByteString Token)> ListAsync(
        string namespaceName, VisibilityExpression? filter, int pageSize, ByteString token)
    {
        context.Namespaces.Require(namespaceName);
        var size = pageSize is > 0 and <= MaximumPage ? pageSize : MaximumPage;
        VisibilityPage page;
        try
        {
            page = await context.Store.ListAsync(new VisibilityRequest(namespaceName, filter, size, token.IsEmpty ? null : token.ToByteArray())).ConfigureAwait(false);
        }
        catch (FormatException)
        {
            throw Faults.InvalidArgument("Invalid NextPageToken.");
        }
        return (page.Rows.Select(ToInfo), page.NextPageToken is { } next ? ByteString.CopyFrom(next) : ByteString.Empty);
    }

    private async Task<CountWorkflowExecutionsResponse> CountAsync(CountWorkflowExecutionsRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var (filter, group) = VisibilityParser.Parse(request.Query, name => context.Namespaces.TypeOf(request.Namespace, name), count: true);
        var counts = await context.Store.CountAsync(new VisibilityRequest(request.Namespace, filter, GroupByStatus: group)).ConfigureAwait(false);
        var response = new CountWorkflowExecutionsResponse { Count = counts.Sum(static count => count.Count) };
        if (group)
        {
            foreach (var count in counts)
            {
                var value = ServerPayloads.Json(count.Status!.Value.ToString());
                value.Metadata["type"] = ByteString.CopyFromUtf8("Keyword");
                response.Groups.Add(new CountWorkflowExecutionsResponse.Types.AggregationGroup { Count = count.Count, GroupValues = { value } });
            }
        }
        return response;
    }

    private WorkflowExecutionInfo ToInfo(VisibilityRow row)
    {
        var info = new WorkflowExecutionInfo
        {
            Execution = new() { WorkflowId = row.Key.WorkflowId, RunId = row.Key.RunId },
            Type = new() { Name = row.WorkflowType },
            StartTime = Micros(row.StartTime),
            ExecutionTime = Micros(row.ExecutionTime),
            CloseTime = row.CloseTime is { } close ? Micros(close) : null,
            Status = row.Status,
            HistoryLength = row.HistoryLength ?? 0,
            HistorySizeBytes = row.HistorySizeBytes ?? 0,
            StateTransitionCount = row.StateTransitionCount ?? 0,
            Memo = row.Memo ?? new(),
            SearchAttributes = Plain(row),
            TaskQueue = row.TaskQueue,
            RootExecution = new() { WorkflowId = row.RootWorkflowId ?? "", RunId = row.RootRunId ?? "" },
        };
        if (row.ParentWorkflowId is { } parent)
        {
            info.ParentExecution = new() { WorkflowId = parent, RunId = row.ParentRunId ?? "" };
        }
        if (row.CloseTime is { } closed)
        {
            info.ExecutionDuration = (closed - row.ExecutionTime).ToDuration();
        }
        return info;
    }

    /// <summary>SDKs send one value as a list of one: it is listed as the value that its type asks for (describe shows what was sent).</summary>
    private SearchAttributes Plain(VisibilityRow row)
    {
        var listed = row.SearchAttributes?.Clone() ?? new();
        foreach (var (name, value) in listed.IndexedFields.Where(static field => field.Value.Data.Span is [(byte)'[', ..]).ToArray())
        {
            if (context.Namespaces.TypeOf(row.Key.Namespace, name) is null or IndexedValueType.KeywordList)
            {
                continue;
            }
            using var list = JsonDocument.Parse(value.Data.Memory);
            if (list.RootElement.GetArrayLength() == 1)
            {
                value.Data = ByteString.CopyFromUtf8(list.RootElement[0].GetRawText());
            }
        }
        return listed;
    }

    private static Timestamp Micros(DateTimeOffset time) => new DateTimeOffset(time.UtcTicks / 10 * 10, TimeSpan.Zero).ToTimestamp();
}
