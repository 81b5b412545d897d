using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Payments.EndToEnd.Tests;

/// <summary>A file of requests as editors run it: <c>@name = value</c>, <c>###</c> between requests, <c>{{name}}</c> in them.</summary>
internal static partial class HttpFile
{
    /// <summary>The folder with Payments.slnx, found from the tests upwards.</summary>
    public static string Root { get; } = Find();

    /// <param name="variables">Beat those that the file defines.</param>
    public static IReadOnlyList<HttpFileRequest> Read(string path, IReadOnlyDictionary<string, string> variables)
    {
        var known = new Dictionary<string, string>();
        var text = File.ReadAllText(path);
        foreach (Match definition in Definition().Matches(text))
        {
            known[definition.Groups[1].Value] = variables.GetValueOrDefault(definition.Groups[1].Value, definition.Groups[2].Value.Trim());
        }
        text = Use().Replace(text, use => known[use.Groups[1].Value]);
        return [.. text.Split("\n### ").Skip(1).Select(Parse)];
    }

    private static HttpFileRequest Parse(string part)
    {
        var lines = part.Split('\n');
        var start = Array.FindIndex(lines, 1, line => line.Length > 0);
        var (method, address) = lines[start].Split(' ') is [var m, var a] ? (m, a) : throw new InvalidDataException($"\"{lines[start]}\" is not \"METHOD address\".");
        var headers = lines.Skip(start + 1).TakeWhile(line => line.Length > 0).Select(line => line.Split(": ", 2)).ToArray();
        var body = string.Join('\n', lines.Skip(start + 1 + headers.Length)).Trim();
        return new HttpFileRequest(lines[0].Trim(), () =>
        {
            var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (body.Length > 0)
            {
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
            foreach (var header in headers.Where(header => header[0] != "Content-Type"))
            {
                request.Headers.TryAddWithoutValidation(header[0], header[1]);
            }
            return request;
        });
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Payments.slnx")))
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }

    [GeneratedRegex(@"^@(\w+) *= *(.*)$", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Use();
}
