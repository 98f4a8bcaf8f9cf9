namespace Countersign.Server.Tests.Architecture;

/// <summary>The places in which a type can use another, each with a type that does so there alone.</summary>
public sealed class TypeUsesTests
{
    [Theory]
    [InlineData(typeof(UsesInACatchClause))]
    [InlineData(typeof(UsesInAnAttribute))]
    [InlineData(typeof(UsesInAnAttributeOfAParameter))]
    [InlineData(typeof(UsesInCode))]
    [InlineData(typeof(UsesInAField))]
    public void Of_TypeThatUsesAnother_IsFound(Type user) =>
        Assert.Contains((user, typeof(UsedException)), TypeUses.Of(typeof(TypeUsesTests).Assembly));
}

internal sealed class UsedException : Exception;

[AttributeUsage(AttributeTargets.All)]
internal sealed class NamesAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}

internal static class UsesInACatchClause
{
    public static bool TryRun(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (UsedException)
        {
            return false;
        }
    }
}

internal static class UsesInAnAttribute
{
    [Names(typeof(UsedException))]
    public static int Property => 1;
}

internal static class UsesInAnAttributeOfAParameter
{
    public static int Same([Names(typeof(UsedException))] int value) => value;
}

internal static class UsesInCode
{
    public static Exception Make() => new UsedException();
}

internal sealed class UsesInAField
{
    public IReadOnlyList<UsedException> All { get; } = [];
}
