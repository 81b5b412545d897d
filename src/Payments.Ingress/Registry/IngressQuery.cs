namespace Payments.Ingress;

/// <summary>A question that changes nothing: no key, no record.</summary>
/// <param name="name">By GET.</param>
/// <param name="postName">By POST, for callers that only post.</param>
public abstract class IngressQuery(string service, string name, string postName)
{
    public string Service { get; } = service;

    public string Name { get; } = name;

    public string PostName { get; } = postName;

    public abstract Task AnswerAsync(HttpContext http, string objectId);
}
