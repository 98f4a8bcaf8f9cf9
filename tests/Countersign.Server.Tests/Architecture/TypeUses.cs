using System.Reflection;
using System.Reflection.Emit;

namespace Countersign.Server.Tests.Architecture;

/// <summary>Reads from an assembly which of its types use which: in signatures, fields and attributes, in the code of methods and in what they catch.</summary>
internal static class TypeUses
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => code.Value);

    /// <summary>All uses of one type of the assembly by another.</summary>
    public static HashSet<(Type From, Type To)> Of(Assembly assembly) => assembly.GetTypes()
        .SelectMany(
            type => UsedBy(type).SelectMany(Parts).Where(used => used.Assembly == assembly).Select(used => (From: Outermost(type), To: Outermost(used))))
        .Where(static use => use.From != use.To)
        .ToHashSet();

    private static IEnumerable<Type> UsedBy(Type type)
    {
        IEnumerable<Type?> declared =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(All).Select(static field => field.FieldType),
            .. AttributesOf(type),
            .. type.GetMembers(All).SelectMany(AttributesOf),
        ];
        return declared.OfType<Type>().Concat(type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).SelectMany(UsedBy));
    }

    private static IEnumerable<Type> UsedBy(MethodBase method)
    {
        var signature = method.GetParameters()
            .SelectMany(static parameter => AttributesOf(parameter.GetCustomAttributesData()).Append(parameter.ParameterType));
        if (method is MethodInfo { ReturnType: var result })
        {
            signature = signature.Append(result);
        }

        return method.GetMethodBody() is { } body
            ? [
                .. signature, .. body.LocalVariables.Select(static local => local.LocalType), .. CaughtBy(body),
                .. UsedBy(method, body.GetILAsByteArray() ?? []),
            ]
            : signature;
    }

    private static IEnumerable<Type> CaughtBy(MethodBody body) => body.ExceptionHandlingClauses
        .Where(static clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
        .Select(static clause => clause.CatchType)
        .OfType<Type>();

    private static IEnumerable<Type> AttributesOf(MemberInfo member) => AttributesOf(member.GetCustomAttributesData());

    /// <summary>The attributes, and the types that they name.</summary>
    private static IEnumerable<Type> AttributesOf(IEnumerable<CustomAttributeData> attributes) => attributes.SelectMany(static attribute =>
        attribute.ConstructorArguments
            .Concat(attribute.NamedArguments.Select(static named => named.TypedValue))
            .SelectMany(NamedBy)
            .Append(attribute.AttributeType));

    private static IEnumerable<Type> NamedBy(CustomAttributeTypedArgument argument) => argument.Value switch
    {
        Type named => [argument.ArgumentType, named],
        IEnumerable<CustomAttributeTypedArgument> items => items.SelectMany(NamedBy).Append(argument.ArgumentType),
        _ => [argument.ArgumentType],
    };

    /// <summary>What the tokens in a method's code mean (ECMA-335 partition III).</summary>
    private static IEnumerable<Type> UsedBy(MethodBase method, byte[] code)
    {
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at++];
            var operation = Codes[value == 0xfe ? (short)(0xfe00 | code[at++]) : value];
            if (operation.OperandType is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod);
                foreach (var type in TypesOf(member!))
                {
                    yield return type;
                }
            }

            at += Size(operation.OperandType, code, at);
        }
    }

    private static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        Type type => [type],
        MethodInfo { IsGenericMethod: true } method => method.GetGenericArguments().Append(method.DeclaringType).OfType<Type>(),
        _ => member.DeclaringType is { } declaring ? [declaring] : [],
    };

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };

    /// <summary>A type and the types that it is made of: elements and generic arguments.</summary>
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }

        if (type.IsGenericParameter)
        {
            return [];
        }

        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
