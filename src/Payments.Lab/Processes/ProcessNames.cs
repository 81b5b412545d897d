namespace Payments.Lab.Processes;

public static class ProcessNames
{
    public const string Server = "server";
    public const string Gateway = "gateway";
    public const string Worker = "worker";
    public const string Ingress = "ingress";

    public static readonly IReadOnlyList<string> All = [Server, Gateway, Worker, Ingress];
}
