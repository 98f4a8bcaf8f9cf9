using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Countersign.AspNetCore.Mvc;

/// <summary>Says to MVC that a type is bound by <see cref="RequestUserBinder"/>, and from nothing that a client sends.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequestUserBinderAttribute : ModelBinderAttribute
{
    public RequestUserBinderAttribute()
        : base(typeof(RequestUserBinder)) => BindingSource = BindingSource.Special;
}
