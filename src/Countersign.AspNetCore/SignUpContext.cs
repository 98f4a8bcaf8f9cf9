using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore;

/// <summary>The request of a sign-up.</summary>
public sealed class SignUpContext
{
    internal SignUpContext(HttpContext httpContext, object? fields)
    {
        HttpContext = httpContext;
        Fields = fields;
    }

    /// <summary>The request. Its body has been read.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The app's own fields, which are valid; null if sign-up was mapped without fields.</summary>
    private object? Fields { get; }

    /// <summary>Gets the app's own fields of the sign-up, which are valid.</summary>
    /// <typeparam name="TFields">The type that was given to <c>MapCountersign&lt;TFields&gt;()</c>.</typeparam>
    /// <exception cref="InvalidOperationException">Sign-up was mapped without fields, or with fields of another type.</exception>
    public TFields GetFields<TFields>()
        where TFields : class =>
        Fields as TFields ?? throw new InvalidOperationException(
            $"This sign-up has no fields of the type {typeof(TFields).Name}. Map it with app.MapCountersign<{typeof(TFields).Name}>().");

    /// <summary>Returns the type's name, never the fields.</summary>
    public override string ToString() => nameof(SignUpContext);
}
