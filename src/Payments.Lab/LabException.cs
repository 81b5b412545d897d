namespace Payments.Lab;

/// <summary>Something that the person at the keyboard can put right; the message says what.</summary>
public sealed class LabException(string message, Exception? inner = null) : Exception(message, inner);
