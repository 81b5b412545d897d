namespace Payments.Lab.Traffic;

public enum RetryStyle
{
    /// <summary>One call a payment, come what may.</summary>
    None,

    /// <summary>Again until it works, each time as if it were new.</summary>
    Blind,

    /// <summary>Again until it works, with the same key.</summary>
    Keyed,
}
