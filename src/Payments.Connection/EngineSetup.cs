using Microsoft.Extensions.Logging;
using Payments.Workflows;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Payments.Connection;

/// <summary>What the namespace must have before payments run in it.</summary>
public static partial class EngineSetup
{
    /// <summary>Adds the search attributes that are missing. Several processes may do this at once.</summary>
    /// <exception cref="RpcException">The engine is unreachable or refuses.</exception>
    public static async Task EnsureSearchAttributesAsync(ITemporalClient client, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var rpc = new RpcOptions { CancellationToken = cancellationToken };
        var name = client.Options.Namespace;
        try
        {
            var known = await client.OperatorService.ListSearchAttributesAsync(new() { Namespace = name }, rpc).ConfigureAwait(false);
            var request = new AddSearchAttributesRequest { Namespace = name };
            foreach (var attribute in PaymentSearchAttributes.All)
            {
                if (!known.CustomAttributes.ContainsKey(attribute.Name))
                {
                    request.SearchAttributes[attribute.Name] = attribute.ValueType;
                }
            }
            if (request.SearchAttributes.Count > 0)
            {
                await client.OperatorService.AddSearchAttributesAsync(request, rpc).ConfigureAwait(false);
                LogAdded(logger, request.SearchAttributes.Count, name);
            }
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.AlreadyExists)
        {
            // Another process was faster.
        }
        catch (RpcException e) when (e.Code is RpcException.StatusCode.PermissionDenied or RpcException.StatusCode.Unimplemented)
        {
            // Managed clusters let only an administrator add them.
            LogRefused(logger, name, string.Join(", ", PaymentSearchAttributes.All.Select(attribute => $"{attribute.Name} ({attribute.ValueType})")));
        }
    }

    /// <summary>A closed payment protects its keys only as long as the namespace keeps it.</summary>
    /// <returns>False, after saying so in the log, when closed payments go before their keys expire.</returns>
    public static async Task<bool> CheckRetentionAsync(ITemporalClient client, TimeSpan keyTtl, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var described = await client.WorkflowService.DescribeNamespaceAsync(
            new DescribeNamespaceRequest { Namespace = client.Options.Namespace }, new RpcOptions { CancellationToken = cancellationToken }).ConfigureAwait(false);
        var retention = described.Config?.WorkflowExecutionRetentionTtl?.ToTimeSpan();
        if (retention is null || retention == TimeSpan.Zero || retention >= keyTtl)
        {
            return true;
        }
        LogRetention(logger, client.Options.Namespace, retention.Value, keyTtl);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Added {Count} search attributes to namespace {Namespace}")]
    private static partial void LogAdded(ILogger logger, int count, string @namespace);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Namespace {Namespace} does not let this service add search attributes; an administrator must add {Attributes}")]
    private static partial void LogRefused(ILogger logger, string @namespace, string attributes);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Namespace {Namespace} keeps closed payments for {Retention}, less than the key lifetime of {KeyTtl}: a key of a closed payment can be forgotten before it expires")]
    private static partial void LogRetention(ILogger logger, string @namespace, TimeSpan retention, TimeSpan keyTtl);
}
