import { basename, posix } from 'node:path';
import { type Event, l10n, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, type Uri, workspace } from 'vscode';
import type { Experiments, FoundExperiment } from '../experiments';

/** An experiment file in the tree; commands take it for its `uri`. */
export class ExperimentItem extends TreeItem {
  readonly uri: Uri;

  constructor({ uri, validity, name }: FoundExperiment) {
    super(basename(uri.path), TreeItemCollapsibleState.None);
    this.uri = uri;
    this.id = uri.toString();
    this.contextValue = 'experiment';
    this.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [uri] };
    const words = validityWords(validity);
    const folder = posix.dirname(workspace.asRelativePath(uri));
    this.description = validity !== null && validity.errors + validity.warnings > 0 ? words : folder === '.' ? '' : folder;
    this.tooltip = [name, workspace.asRelativePath(uri), words].filter((line) => line !== null).join('\n');
    this.iconPath = validityIcon(validity);
    this.accessibilityInformation = { label: [this.label as string, name, words].filter((part) => part !== null).join(', ') };
  }
}

function validityWords(validity: FoundExperiment['validity']): string {
  if (validity === null) return l10n.t('large file, checked when it is opened');
  const { errors, warnings } = validity;
  if (errors === 0 && warnings === 0) return l10n.t('valid');
  const parts: string[] = [];
  if (errors > 0) parts.push(errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors));
  if (warnings > 0) parts.push(warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings));
  return parts.join(', ');
}

function validityIcon(validity: FoundExperiment['validity']): ThemeIcon {
  if (validity !== null && validity.errors > 0) return new ThemeIcon('error', new ThemeColor('editorError.foreground'));
  if (validity !== null && validity.warnings > 0) return new ThemeIcon('warning', new ThemeColor('editorWarning.foreground'));
  return new ThemeIcon('beaker');
}

/** The view "Experiments": files with their validity. */
export class ExperimentsTree implements TreeDataProvider<ExperimentItem> {
  readonly onDidChangeTreeData: Event<void>;

  constructor(private readonly experiments: Experiments) {
    this.onDidChangeTreeData = experiments.onDidChange;
  }

  getTreeItem(item: ExperimentItem): TreeItem {
    return item;
  }

  getChildren(item?: ExperimentItem): ExperimentItem[] {
    return item === undefined ? this.experiments.all.map((experiment) => new ExperimentItem(experiment)) : [];
  }
}
