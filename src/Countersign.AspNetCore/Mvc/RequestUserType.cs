using System.Collections.Concurrent;
using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Mvc;

/// <summary>The members of an <see cref="IRequestUser{TSelf}"/>, for MVC, which knows the type of a parameter at run time alone.</summary>
internal abstract class RequestUserType
{
    private static readonly ConcurrentDictionary<Type, RequestUserType?> Known = new();

    public abstract AuthorizationPolicy Policy { get; }

    public abstract object? Find(HttpContext context);

    /// <summary>Finds the members of a type.</summary>
    /// <returns>Null for every other type.</returns>
    public static RequestUserType? Of(Type type) => Known.GetOrAdd(type, static type =>
        Array.Exists(type.GetInterfaces(), one => one.IsConstructedGenericType && one.GetGenericTypeDefinition() == typeof(IRequestUser<>))
            ? (RequestUserType)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(type))!
            : null);

    private sealed class Typed<TUser> : RequestUserType
        where TUser : class, IRequestUser<TUser>
    {
        public override AuthorizationPolicy Policy => TUser.Policy;

        public override object? Find(HttpContext context) => TUser.Find(context);
    }
}
