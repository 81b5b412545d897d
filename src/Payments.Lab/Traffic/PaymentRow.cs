using System.Globalization;

namespace Payments.Lab.Traffic;

/// <summary>One row of <c>payments.csv</c>; the amount is in minor units.</summary>
public sealed record PaymentRow(string Id, long Amount, string Description)
{
    private const string Header = "id,amount,description";

    /// <summary>The same rows each time.</summary>
    public static IReadOnlyList<PaymentRow> Make(int count)
    {
        var dice = new Random(1);
        return [.. Enumerable.Range(1, count).Select(i => new PaymentRow($"invoice-{i:D4}", dice.Next(100, 100_000), $"Invoice {i:D4}"))];
    }

    public static void Write(string path, IEnumerable<PaymentRow> rows) =>
        File.WriteAllLines(path, [Header, .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id},{row.Amount},{row.Description}"))]);

    /// <exception cref="LabException">The file cannot be read, or a row is not <c>id,amount,description</c>.</exception>
    public static IReadOnlyList<PaymentRow> Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"{path} cannot be read: {e.Message}", e);
        }
        return [.. lines.Skip(1).Select((line, i) =>
        {
            var cells = line.Split(',');
            return cells.Length == 3 && long.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
                ? new PaymentRow(cells[0], amount, cells[2])
                : throw new LabException($"{path}, line {i + 2}: \"{Header}\" is expected.");
        })];
    }
}
