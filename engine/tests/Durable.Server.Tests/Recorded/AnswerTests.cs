using System.Text.Json;
using Google.Protobuf;

namespace Durable.Server.Tests.Recorded;

/// <summary>Answers of the genuine server, field by field: what it fills in by itself, and what it leaves out.</summary>
public class AnswerTests
{
    private static readonly JsonElement[] Rows = RecordedCall.Load("given.json");

    public static TheoryData<int, string> Calls => new(Rows.Select(static (row, index) => new TheoryDataRow<int, string>(index, RecordedCall.Text(row, "name"))));

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Answer_HasTheFieldsOfTheGenuineServers(int index, string name)
    {
        name.ShouldNotBeEmpty();
        var row = Rows[index];
        await using var server = await ServerUnderTest.StartAsync();
        IMessage? first = null;
        if (row.GetProperty("first") is { ValueKind: JsonValueKind.Object } before)
        {
            first = await server.CallAsync(RecordedCall.Text(before, "call"), RecordedCall.Message(before, "request", "Request"));
        }
        // A row may be about the first call itself.
        var answer = first is not null && RecordedCall.Text(row, "call") == RecordedCall.Text(row.GetProperty("first"), "call")
            ? first
            : await server.CallAsync(RecordedCall.Text(row, "call"), RecordedCall.Message(row, "request", "Request"));
        Comparable.Of(answer).ShouldBe(Comparable.Of(RecordedCall.Message(row, "response", "Response")));
    }
}
