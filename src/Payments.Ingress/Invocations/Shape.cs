namespace Payments.Ingress;

/// <summary>How bodies are written: integers in minor units, or exact decimals with snake-case names (<c>/api/v1</c>).</summary>
public enum Shape
{
    MinorUnits,
    Decimal,
}
