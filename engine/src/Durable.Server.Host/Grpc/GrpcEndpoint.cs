using Durable.Protocol;
using Durable.Protocol.Http2;
using Google.Protobuf;
using Microsoft.AspNetCore.Http.Features;

namespace Durable.Server.Host.Grpc;

/// <summary>Answers gRPC over Kestrel's HTTP/2 from a router.</summary>
public sealed class GrpcEndpoint(RpcRouter router, GrpcEndpointOptions options, ILogger<GrpcEndpoint> logger)
{
    // For bytes that must not come: nobody looks at what is in it.
    private static readonly byte[] Rest = new byte[1];

    public async Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        if (request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        // Our own limit answers RESOURCE_EXHAUSTED; Kestrel's would reset the stream.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
        context.Response.ContentType = "application/grpc";
        TimeSpan? timeout = null;
        using var call = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        try
        {
            if (request.Headers.TryGetValue("grpc-timeout", out var header))
            {
                if (!GrpcTimeout.TryParse(header.ToString(), out var parsed))
                {
                    throw new RpcFaultException(RpcStatusCode.Internal, $"malformed grpc-timeout: \"{header}\"");
                }
                timeout = parsed;
                if (parsed < TimeSpan.FromDays(49))
                {
                    call.CancelAfter(parsed);
                }
            }
            var route = router.Find(request.Path.Value ?? "");
            var answer = await InvokeAsync(context, route, timeout, call.Token).ConfigureAwait(false);
            var frame = GrpcFrame.Write(answer);
            context.Response.ContentLength = null;
            await context.Response.BodyWriter.WriteAsync(frame, context.RequestAborted).ConfigureAwait(false);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        catch (RpcFaultException fault)
        {
            Fail(context, fault);
        }
        catch (InvalidProtocolBufferException broken)
        {
            Fail(context, new RpcFaultException(RpcStatusCode.Internal, $"grpc: error unmarshalling request: {broken.Message}"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; there is nobody to tell.
        }
        catch (OperationCanceledException)
        {
            Fail(context, call.IsCancellationRequested
                ? new RpcFaultException(RpcStatusCode.DeadlineExceeded, "context deadline exceeded")
                : new RpcFaultException(RpcStatusCode.Cancelled, "context canceled"));
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The same, seen by a read.
        }
        catch (BadHttpRequestException broken)
        {
            Fail(context, new RpcFaultException(RpcStatusCode.Internal, broken.Message));
        }
        catch (Exception unexpected)
        {
            logger.LogError(unexpected, "{Path} failed", request.Path.Value);
            Fail(context, new RpcFaultException(RpcStatusCode.Internal, "internal error, see the server's log"));
        }
    }

    private async Task<IMessage> InvokeAsync(HttpContext context, RpcRoute route, TimeSpan? timeout, CancellationToken token)
    {
        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        if (encoding is not ("" or "identity" or "gzip"))
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
            throw new RpcFaultException(
                RpcStatusCode.Unimplemented, $"grpc: Decompressor is not installed for grpc-encoding \"{encoding}\"");
        }
        var call = new RpcServerCall(ReadMetadata(context.Request.Headers), timeout, token);
        var body = await GrpcFrame.ReadAsync(context.Request.Body, encoding == "gzip", options.MaximumReceiveBytes, token).ConfigureAwait(false)
            ?? throw new RpcFaultException(RpcStatusCode.Internal, "a unary call without a message");
        Task<IMessage> answer;
        using (body)
        {
            if (await context.Request.Body.ReadAsync(Rest, token).ConfigureAwait(false) > 0)
            {
                throw new RpcFaultException(
                    RpcStatusCode.Internal, "cardinality violation: received multiple request messages for non-client-streaming RPC");
            }
            // The message is read before the first wait, so that a long poll does not hold its buffer.
            answer = route.InvokeAsync(body.Memory, call);
        }
        return await answer.ConfigureAwait(false);
    }

    private static RpcMetadata ReadMetadata(IHeaderDictionary headers)
    {
        var metadata = new RpcMetadata();
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith(':') || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }
            if (!name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase))
            {
                metadata.Set(name, value.ToString());
            }
            else if (GrpcBinary.TryDecode(value.ToString(), out var bytes))
            {
                metadata.Set(name, bytes);
            }
        }
        return metadata;
    }

    private static void Fail(HttpContext context, RpcFaultException fault)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        var status = ((int)fault.Code).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var message = GrpcMessageText.Encode(fault.Message);
        var details = GrpcStatus.EncodeDetails(fault);
        if (!context.Response.HasStarted)
        {
            // Trailers-only: one HEADERS frame.
            var headers = context.Response.Headers;
            headers["grpc-status"] = status;
            headers["grpc-message"] = message;
            if (details is not null)
            {
                headers["grpc-status-details-bin"] = details;
            }
            return;
        }
        context.Response.AppendTrailer("grpc-status", status);
        context.Response.AppendTrailer("grpc-message", message);
        if (details is not null)
        {
            context.Response.AppendTrailer("grpc-status-details-bin", details);
        }
    }
}

/// <param name="MaximumReceiveBytes">Largest request, before and after inflating; Temporal's server takes 4 MiB.</param>
public sealed record GrpcEndpointOptions(int MaximumReceiveBytes = 4 * 1024 * 1024);
