namespace Temporalio.Activities;

/// <summary>Marks a method as an activity.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ActivityAttribute : Attribute
{
    public ActivityAttribute()
    {
    }

    public ActivityAttribute(string name) => Name = name;

    /// <summary>Null: the name of the method, without a final "Async" when it returns a task.</summary>
    public string? Name { get; }

    /// <summary>Takes every name that no other activity has; the parameter is <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }
}
