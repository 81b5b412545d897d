using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Payments.Connection;
using Payments.Telemetry;
using Temporalio.Client;

namespace Payments.Ingress;

/// <summary>The HTTP door of the payment service.</summary>
public static class IngressApp
{
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>Builds the process; run it with <c>RunAsync</c>, or start and stop it in another host.</summary>
    /// <param name="args">Settings as on a command line: <c>--urls</c>, <c>--environment Lab</c>, <c>--Idempotency:KeyTtl=00:10:00</c>.</param>
    /// <param name="client">A connected client, for hosting in one process; null connects as the environment says.</param>
    /// <param name="configure">Last changes to the builder, e.g. hooks or another clock.</param>
    /// <param name="register">More services beside PaymentService.</param>
    /// <exception cref="InvalidOperationException">The settings would leave the door open, or contradict each other.</exception>
    public static WebApplication Build(
        string[] args, ITemporalClient? client = null, Action<WebApplicationBuilder>? configure = null, Action<ServiceRegistry, IServiceProvider>? register = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var lab = builder.Environment.IsEnvironment(LabProfile.Name);
        if (lab)
        {
            LabProfile.AddDefaults(builder.Configuration);
        }
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }
        // Two lines a request would cost more than the request.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http", LogLevel.Warning);
        AddOptions(builder, lab);
        builder.AddPaymentsTelemetry("payments-ingress");
        AddServices(builder.Services, builder.Configuration, client);
        var limits = builder.Configuration.GetSection("Limits").Get<LimitOptions>() ?? new LimitOptions();
        builder.Services.AddMerchantRateLimit(limits);
        configure?.Invoke(builder);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
            kestrel.AddServerHeader = false;
        });

        var app = builder.Build();
        var auth = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value;
        var registry = app.Services.GetRequiredService<ServiceRegistry>();
        register?.Invoke(registry, app.Services);
        Map(app, registry, auth.IsOn, limits.RequestsPerSecond > 0, lab);
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder, bool lab)
    {
        var services = builder.Services;
        services.AddOptions<IdempotencyOptions>().Bind(builder.Configuration.GetSection("Idempotency"))
            .Validate(o => o.MismatchStatus is 409 or 422, "Idempotency:MismatchStatus is 422 or 409.")
            .Validate(o => o.KeyTtl > TimeSpan.Zero, "Idempotency:KeyTtl must be positive.")
            .Validate(o => o.WaitDefault <= o.WaitMax, "Idempotency:WaitDefault must not exceed Idempotency:WaitMax.")
            .ValidateOnStart();
        services.AddOptions<LimitOptions>().Bind(builder.Configuration.GetSection("Limits")).ValidateOnStart();
        services.AddOptions<PaymentOptions>().Bind(builder.Configuration.GetSection("Payments")).ValidateOnStart();
        services.AddOptions<ProtectionOptions>().Bind(builder.Configuration.GetSection("Protection"));
        services.AddOptions<AuthOptions>().Bind(builder.Configuration.GetSection("Auth"));

        var auth = builder.Configuration.GetSection("Auth").Get<AuthOptions>() ?? new AuthOptions();
        foreach (var key in auth.ApiKeys)
        {
            if (!Domain.MerchantId.TryParse(key.Merchant, out var _) || key.Sha256.Length != 64 || !key.Sha256.All(char.IsAsciiHexDigit))
            {
                throw new InvalidOperationException("Each of Auth:ApiKeys needs a Merchant and a Sha256 of 64 hex digits.");
            }
        }
        if (!lab && !auth.IsOn)
        {
            throw new InvalidOperationException(
                "Auth:ApiKeys is empty: outside the lab (--environment Lab) the service does not start with its door open. Configure Auth:ApiKeys:0:Merchant and :Sha256.");
        }
        LabProfile.RefuseSwitches(builder.Configuration, lab);
    }

    private static void AddServices(IServiceCollection services, IConfiguration configuration, ITemporalClient? client)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new EngineLink(
            configuration, provider.GetRequiredService<ILoggerFactory>(), provider.GetRequiredService<TimeProvider>(), client));
        services.AddHostedService(provider => provider.GetRequiredService<EngineLink>());
        services.AddSingleton<Merchants>();
        services.AddSingleton<InvocationFactory>();
        services.AddSingleton<InvocationRunner>();
        services.AddSingleton<FlightTable>();
        services.AddSingleton(provider => new OutcomeCache(
            provider.GetRequiredService<IOptions<IdempotencyOptions>>().Value.CachedOutcomes, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SubmittedRecently>();
        services.AddSingleton<IIngressHooks, DuplicateLog>();
        services.AddSingleton<StatusQuery>();
        services.AddSingleton<PaymentStatistics>();
        services.AddSingleton(_ => new GatewayBroom(new HttpClient { BaseAddress = new Uri(configuration["Gateway:BaseUrl"] ?? "http://localhost:8090") }));
        services.AddSingleton<CreateHandler>();
        services.AddSingleton<RefundHandler>();
        services.AddSingleton<CancelHandler>();
        services.AddSingleton(provider => new ServiceRegistry()
            .Add(provider.GetRequiredService<CreateHandler>())
            .Add(provider.GetRequiredService<RefundHandler>())
            .Add(provider.GetRequiredService<CancelHandler>())
            .Add(provider.GetRequiredService<StatusQuery>()));
        services.AddAuthentication(ApiKeyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorization();
    }

    private static void Map(WebApplication app, ServiceRegistry registry, bool authenticate, bool limitRates, bool lab)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.Use(HeadAsGetAsync);
        app.UseRouting();
        if (authenticate)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }
        if (limitRates)
        {
            app.UseRateLimiter();
        }
        var api = app.MapGroup("");
        api.MapInvocations(registry);
        api.MapPayments(registry);
        api.MapKeys();
        api.MapAdmin(lab);
        if (authenticate)
        {
            api.RequireAuthorization();
        }
        if (limitRates)
        {
            api.RequireRateLimiting(MerchantRateLimit.Policy);
        }
        app.MapHealth();
        app.MapPrometheus();
        app.MapDocs();
        app.MapProblemPages();
    }

    /// <summary>What can be asked by GET can be asked by HEAD (RFC 9110, 9.1). The server knows what came and sends no body.</summary>
    private static Task HeadAsGetAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsHead(http.Request.Method))
        {
            http.Request.Method = HttpMethods.Get;
        }
        return next(http);
    }
}
