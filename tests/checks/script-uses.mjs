// Finds what a script uses that the oldest browsers lack: syntax by a parser set to ES2020, interfaces by the types
// of the web client, looked up in the tables of support. A use is allowed where the same file asks first whether the
// browser has it (`'wakeLock' in navigator`, `navigator.wakeLock?.request()`, `if (screen.orientation)`, `typeof`).
import { parse } from 'acorn';
import ts from 'typescript';
import { api, javascript, lacking, membersNamed } from './baseline.mjs';

const options = {
  allowJs: true, checkJs: true, strict: true, noEmit: true, target: ts.ScriptTarget.ES2020, module: ts.ModuleKind.ES2020,
  moduleResolution: ts.ModuleResolutionKind.Bundler, lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'], types: [],
};

/** Read once: they are large, and the same for every program. */
const libraries = new Map();

/** @param {{ path: string, text: string }} file @returns {string[]} what is wrong with its syntax */
export function syntaxBeyond(file) {
  const wrong = [];
  const say = (line, what) => wrong.push(`${file.path}:${line}: ${what}`);
  try {
    parse(file.text, {
      ecmaVersion: 2020,
      sourceType: 'module',
      locations: true,
      onToken: (token) => {
        // ES2018 by the letter, but Safari has it from 16.4 only: the whole file would not load.
        if (token.type.label === 'regexp' && /\(\?<[=!]/.test(token.value.pattern)) say(token.loc.start.line, 'a lookbehind in a regular expression');
      },
    });
  } catch (error) {
    say(error.loc ? error.loc.line : 0, `not ES2020: ${error.message}`);
  }
  // ES2020 by the letter, but Firefox has it from 80 only.
  file.text.split('\n').forEach((line, at) => {
    if (/^\s*export\s*\*\s*as\s/.test(line)) say(at + 1, '`export * as`');
  });
  return wrong;
}

/** @param {{ path: string, text: string }[]} files scripts, by absolute or root path @param {string} root @returns {string[]} */
export function interfacesBeyond(files, root) {
  const texts = new Map(files.map((file) => [root + file.path, file.text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => texts.get(name) ?? readFile(name);
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) => {
    if (texts.has(name)) return ts.createSourceFile(name, texts.get(name), language, true, ts.ScriptKind.JS);
    if (!name.includes('/lib.')) return getSourceFile(name, language);
    if (!libraries.has(name)) libraries.set(name, getSourceFile(name, language));
    return libraries.get(name);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const checker = program.getTypeChecker();
  const wrong = [];
  for (const file of files) wrong.push(...usesOf(program.getSourceFile(root + file.path), file.path, checker));
  return wrong;
}

const fromLibrary = (declaration) => /\/lib\.[^/]*\.d\.ts$/.test(declaration.getSourceFile().fileName);

function usesOf(source, path, checker) {
  const asked = namesAsked(source);
  const wrong = [];
  const say = (node, name, browsers) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    wrong.push(`${path}:${line + 1}: ${name} is missing in ${browsers.join(', ')}: ask for it first, or do without`);
  };
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node) && !asked.has(node.name.text)) {
      const found = memberLacking(checker.getSymbolAtLocation(node.name), node, checker);
      if (found.length) say(node, node.name.text, found);
    } else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && !asked.has((node.propertyName || node.name).getText())) {
      const name = (node.propertyName || node.name).getText();
      const symbol = checker.getTypeAtLocation(node.parent).getProperty(name);
      const found = memberLacking(symbol, null, checker);
      if (found.length) say(node, name, found);
    } else if (ts.isIdentifier(node) && isGlobalUse(node, checker) && !asked.has(node.text)) {
      const builds = ts.isNewExpression(node.parent) && node.parent.expression === node;
      const entry = api[node.text] || javascript.builtins[node.text] || (api.Window && api.Window[node.text]);
      const found = [...new Set([...lacking(entry), ...(builds && entry ? lacking(entry[node.text]) : [])])];
      if (found.length) say(node, node.text, found);
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'addEventListener') {
      const [name] = node.arguments;
      if (name && ts.isStringLiteralLike(name)) {
        const found = nowhere(membersNamed(`${name.text}_event`));
        if (found.length) say(node, `the event ${name.text}`, found);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return wrong;
}

/** Names whose presence the file asks about. */
function namesAsked(source) {
  const asked = new Set();
  /** `const lock = navigator.wakeLock; if (lock) …` asks as well. @type {[string, string][]} */
  const held = [];
  const tested = (node) => {
    if (ts.isPropertyAccessExpression(node)) asked.add(node.name.text);
    if (ts.isIdentifier(node)) asked.add(node.text);
  };
  /** What stands where only true or false counts. */
  const condition = (node) => {
    if (ts.isParenthesizedExpression(node)) return condition(node.expression);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return condition(node.operand);
    if (ts.isBinaryExpression(node) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(node.operatorToken.kind)) {
      condition(node.left);
      condition(node.right);
      return undefined;
    }
    return tested(node);
  };
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer && ts.isPropertyAccessExpression(node.initializer)) {
      held.push([node.name.text, node.initializer.name.text]);
    }
    if (ts.isIfStatement(node) || ts.isWhileStatement(node)) condition(node.expression);
    if (ts.isConditionalExpression(node)) condition(node.condition);
    if (ts.isTypeOfExpression(node)) tested(node.expression);
    if (node.questionDotToken) tested(node.expression);
    if (ts.isBinaryExpression(node)) {
      const kind = node.operatorToken.kind;
      if (kind === ts.SyntaxKind.InKeyword && ts.isStringLiteralLike(node.left)) asked.add(node.left.text);
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken) condition(node.left);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const [variable, member] of held) if (asked.has(variable)) asked.add(member);
  return asked;
}

function isGlobalUse(node, checker) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isPropertyAssignment(parent) && parent.name === node) return false;
  if (ts.isMethodDeclaration(parent) || ts.isJSDoc(parent) || ts.isTypeReferenceNode(parent)) return false;
  if (ts.findAncestor(node, (one) => ts.isJSDoc(one))) return false;
  const symbol = checker.getSymbolAtLocation(node);
  return !!symbol && (symbol.declarations || []).length > 0 && symbol.declarations.every(fromLibrary);
}

/** Which browsers lack it everywhere: the best that any interface with such a member offers. */
function nowhere(entries) {
  if (entries.length === 0 || entries.some((entry) => lacking(entry).length === 0)) return [];
  return entries.map(lacking).sort((a, b) => a.length - b.length)[0];
}

/** The interface that declares a member; static ones stand in the type of a variable of that name. */
function ownerOf({ parent }) {
  if (parent && parent.name) return parent.name.getText();
  const variable = parent && ts.findAncestor(parent, ts.isVariableDeclaration);
  return variable ? variable.name.getText() : '';
}

function memberLacking(symbol, access, checker) {
  const declarations = ((symbol && symbol.declarations) || []).filter(fromLibrary);
  if (symbol && declarations.length === 0) return [];
  const name = symbol ? symbol.name : access && access.name.text;
  if (!name) return [];
  // Nothing is known of the object (`any`): the name alone decides, if nothing so named is old enough. Only of what is
  // called: a field of a message may be named as it likes.
  if (!symbol) return ts.isCallExpression(access.parent) && access.parent.expression === access ? nowhere(membersNamed(name)) : [];
  const found = declarations.map((declaration) => {
    const owner = ownerOf(declaration);
    const still = owner.replace(/Constructor$/, '');
    const builtin = still.replace(/^Readonly(?=Array|Map|Set)/, '');
    const table = api[still] || javascript.builtins[builtin] || javascript.builtins.Intl[builtin];
    // A thing of an interface that the oldest browsers lack altogether can only exist where the browser has it.
    const isStatic = access && ts.isIdentifier(access.expression) && access.expression.text === still;
    if (table && lacking(table).length && !isStatic) return [];
    const entry = table && (table[name] || table[`${name}_static`]);
    return entry ? lacking(entry) : nowhere(membersNamed(name));
  });
  return found.sort((a, b) => a.length - b.length)[0];
}
