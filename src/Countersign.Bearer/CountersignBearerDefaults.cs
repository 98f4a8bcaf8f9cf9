namespace Countersign.Bearer;

/// <summary>The names under which Countersign's bearer tokens are known to ASP.NET Core.</summary>
public static class CountersignBearerDefaults
{
    /// <summary>The authentication scheme: what a policy or an attribute names to require one of Countersign's tokens.</summary>
    public const string AuthenticationScheme = "Countersign";
}
