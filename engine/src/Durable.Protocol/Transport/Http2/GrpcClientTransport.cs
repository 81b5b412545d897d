using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Google.Protobuf;

namespace Durable.Protocol.Http2;

/// <summary>The caller's end over HTTP/2.</summary>
public sealed class GrpcClientTransport : RpcTransport
{
    /// <summary>A status travels in headers, with its message and details: the failure of a query with its stack trace, say. As much as grpc-go takes.</summary>
    private const int LargestHeadersKib = 16 * 1024;

    private readonly ConcurrentDictionary<string, Uri> addresses = new(StringComparer.Ordinal);
    private readonly GrpcClientOptions options;
    private readonly HttpMessageInvoker invoker;
    private readonly Uri baseAddress;

    public GrpcClientTransport(GrpcClientOptions options)
    {
        this.options = options;
        baseAddress = new Uri($"{(options.Tls is null ? "http" : "https")}://{options.Target}");
        invoker = new HttpMessageInvoker(CreateHandler(options), disposeHandler: true);
    }

    public override async Task<TResponse> CallAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions callOptions,
        CancellationToken cancellationToken)
    {
        using var deadline = callOptions.Timeout is { } timeout ? new Deadline(timeout, cancellationToken) : null;
        var token = deadline?.Token ?? cancellationToken;
        try
        {
            using var message = CreateRequest(method.Path, request, callOptions);
            using var response = await invoker.SendAsync(message, token).ConfigureAwait(false);
            return await ReadAsync(method.ResponseParser, response, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A stream that breaks while the request is still sent may show as the cancellation of that sending, which is nobody's deadline.
            throw token.IsCancellationRequested
                ? new RpcFaultException(RpcStatusCode.DeadlineExceeded, "Timeout expired", [], cancelled)
                : Translate(cancelled, "the stream broke while the request was sent");
        }
        catch (HttpRequestException failed)
        {
            throw Translate(failed, failed.Message);
        }
        catch (HttpIOException failed)
        {
            throw Translate(failed, failed.Message);
        }
        catch (IOException failed)
        {
            throw new RpcFaultException(RpcStatusCode.Unavailable, $"connection to {options.Target} broke: {failed.Message}", [], failed);
        }
    }

    public override ValueTask DisposeAsync()
    {
        invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private static SocketsHttpHandler CreateHandler(GrpcClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseHeadersLength = LargestHeadersKib,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        };
        if (options.Proxy is { } proxy)
        {
            handler.ConnectCallback = (context, token) => ProxyTunnel.OpenAsync(proxy, context.DnsEndPoint, token);
        }
        if (options.KeepAliveInterval is { } interval)
        {
            handler.KeepAlivePingDelay = interval;
            handler.KeepAlivePingTimeout = options.KeepAliveTimeout;
            handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
        }
        if (options.Tls is { } tls)
        {
            handler.SslOptions = CreateTls(tls);
        }
        return handler;
    }

    private static SslClientAuthenticationOptions CreateTls(GrpcTlsOptions tls)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (tls.Domain is { } domain)
        {
            ssl.TargetHost = domain;
        }
        if (tls.ClientCertificate is { } certificate && tls.ClientPrivateKey is { } key)
        {
            using var pem = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(certificate), Encoding.UTF8.GetString(key));
            // SslStream does not take a key that lives only in memory on every platform; a PKCS#12 round trip makes one it takes.
            var own = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(Encoding.UTF8.GetString(certificate));
            ssl.ClientCertificateContext = SslStreamCertificateContext.Create(own, chain, offline: true);
        }
        if (tls.ServerRootCertificate is { } root)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(Encoding.UTF8.GetString(root));
            ssl.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            ssl.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return ssl;
    }

    private HttpRequestMessage CreateRequest(string path, IMessage request, RpcCallOptions callOptions)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, addresses.GetOrAdd(path, static (path, root) => new Uri(root, path), baseAddress))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (options.Tls?.Domain is { } domain)
        {
            message.Headers.Host = domain;
        }
        var content = new ByteArrayContent(options.SendGzip ? GrpcFrame.WriteGzip(request) : GrpcFrame.Write(request));
        content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        message.Content = content;
        message.Headers.TryAddWithoutValidation("te", "trailers");
        message.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,gzip");
        if (options.SendGzip)
        {
            message.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
        }
        if (callOptions.Timeout is { } timeout)
        {
            message.Headers.TryAddWithoutValidation("grpc-timeout", GrpcTimeout.Format(timeout));
        }
        if (callOptions.Metadata is { } metadata)
        {
            foreach (var (name, value) in metadata.Ascii)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }
            foreach (var (name, value) in metadata.Binary)
            {
                message.Headers.TryAddWithoutValidation(name, GrpcBinary.Encode(value));
            }
        }
        return message;
    }

    private async Task<TResponse> ReadAsync<TResponse>(MessageParser<TResponse> parser, HttpResponseMessage response, CancellationToken token)
        where TResponse : class, IMessage<TResponse>
    {
        // Trailers-only: the status came in the one HEADERS frame.
        if (Header(response.Headers, "grpc-status") is { } early && early != "0")
        {
            throw Fault(response.Headers, early);
        }
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new RpcFaultException(
                GrpcStatus.FromHttpStatus((int)response.StatusCode), $"{options.Target} answered HTTP {(int)response.StatusCode} instead of gRPC");
        }
        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            throw new RpcFaultException(RpcStatusCode.Unknown, $"{options.Target} answered '{response.Content.Headers.ContentType}' instead of gRPC");
        }
        var gzip = Header(response.Headers, "grpc-encoding") == "gzip";
        TResponse? result = null;
        var body = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            using var message = await GrpcFrame.ReadAsync(body, gzip, options.MaximumReceiveBytes, token).ConfigureAwait(false) is { } read
                ? new Disposable(read)
                : null;
            if (message is not null)
            {
                result = parser.ParseFrom(message.Body.Memory.Span);
            }
            // The trailers are there once the body was read to its end.
            var rest = new byte[1];
            if (await body.ReadAsync(rest, token).ConfigureAwait(false) != 0)
            {
                throw new RpcFaultException(RpcStatusCode.Internal, "more than one message in the answer to a unary call");
            }
        }
        var status = Header(response.TrailingHeaders, "grpc-status") ?? Header(response.Headers, "grpc-status");
        if (status is null)
        {
            throw new RpcFaultException(RpcStatusCode.Internal, $"{options.Target} ended the call without a status");
        }
        if (status != "0")
        {
            throw Fault(response.TrailingHeaders, status);
        }
        return result ?? throw new RpcFaultException(RpcStatusCode.Internal, $"{options.Target} answered OK without a message");
    }

    private static RpcFaultException Fault(HttpResponseHeaders headers, string status)
    {
        var code = int.TryParse(status, out var number) && number is > 0 and <= 16 ? (RpcStatusCode)number : RpcStatusCode.Unknown;
        return GrpcStatus.ToFault(code, Header(headers, "grpc-message"), Header(headers, "grpc-status-details-bin"));
    }

    private static string? Header(HttpResponseHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private RpcFaultException Translate(Exception failed, string text)
    {
        for (var inner = failed; inner is not null; inner = inner.InnerException)
        {
            // Codes of RFC 9113 that mean something else than a lost connection.
            if (inner is HttpProtocolException { ErrorCode: 0x8 })
            {
                return new RpcFaultException(RpcStatusCode.Cancelled, "the server cancelled the call", [], failed);
            }
            if (inner is HttpProtocolException { ErrorCode: 0xb })
            {
                return new RpcFaultException(RpcStatusCode.ResourceExhausted, "the server asked to calm down", [], failed);
            }
            if (inner is SocketException socket)
            {
                text = socket.Message;
            }
        }
        return new RpcFaultException(RpcStatusCode.Unavailable, $"{options.Target}: {text}", [], failed);
    }

    private sealed class Disposable(GrpcBody body) : IDisposable
    {
        public GrpcBody Body => body;

        public void Dispose() => body.Dispose();
    }

    private sealed class Deadline : IDisposable
    {
        private readonly CancellationTokenSource source;

        public Deadline(TimeSpan timeout, CancellationToken token)
        {
            source = CancellationTokenSource.CreateLinkedTokenSource(token);
            // A timer cannot wait longer than 49 days; a longer deadline is none.
            if (timeout < TimeSpan.FromDays(49))
            {
                source.CancelAfter(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero);
            }
        }

        public CancellationToken Token => source.Token;

        public void Dispose() => source.Dispose();
    }
}
