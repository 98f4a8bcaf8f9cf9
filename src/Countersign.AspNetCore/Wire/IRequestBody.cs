namespace Countersign.AspNetCore.Wire;

/// <summary>A request's body: its forms, and how it is made from its members, which are its properties with a name in the body.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IRequestBody<TSelf>
    where TSelf : class, IRequestBody<TSelf>
{
    /// <summary>The forms that the route accepts.</summary>
    static virtual BodyForms Forms => BodyForms.Json;

    /// <summary>Whether a request may have no body at all.</summary>
    static virtual bool IsOptional => false;

    /// <summary>Makes the body from its values. All required ones are present.</summary>
    static abstract TSelf Create(BodyValues values);
}

/// <summary>The forms of a body.</summary>
[Flags]
internal enum BodyForms
{
    /// <summary>None: no <c>Content-Type</c> was sent.</summary>
    None = 0,

    /// <summary><c>application/json</c>.</summary>
    Json = 1,

    /// <summary><c>application/x-www-form-urlencoded</c>.</summary>
    Form = 2,
}
